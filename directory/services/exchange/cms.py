"""The CMS list of hospitals, "Hospital General Information" (public domain); it holds no coordinates and no dates."""

from directory.services.exchange.preset import Preset, padded_id

#: A CMS certification number has six characters (CMS State Operations Manual, section 2779A).
_ID_LENGTH = 6

PRESET = Preset(
    name="cms",
    source="cms",
    title="CMS Hospital General Information",
    columns={
        "source_id": ("Facility ID", "Provider ID", "Provider Number"),
        "name": ("Facility Name", "Hospital Name"),
        "address": ("Address", "Address 1"),
        "city": ("City/Town", "City"),
        "state": ("State",),
        "zip": ("ZIP Code",),
        "phone": ("Telephone Number", "Phone Number"),
    },
    required=("source_id", "name", "address", "city", "state", "zip"),
    key=padded_id(_ID_LENGTH),
    blanks=frozenset({"NOT AVAILABLE"}),
)
