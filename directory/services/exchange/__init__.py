"""Brings clinics in from files: one module a source (cms, hifld, own), and one a step of reading it."""
