"""The rules of the product, pure: values in, values out, standard library only."""
