"""What the figures of trackers count, as sums of a few components.

Trackers print one violence under many definitions. Each definition is a sum of components, so that
a figure of any scope informs the components that it holds, and no other.
"""

COMPONENTS = (
    "attacks_on_forces",
    "attacks_on_others",
    "operations",
    "civilians",
    "security_forces",
    "attackers",
    "militants_by_state",
)

_ATTACKS = ("attacks_on_forces", "attacks_on_others")
_VICTIMS = ("civilians", "security_forces")
_MILITANTS = ("attackers", "militants_by_state")

# Quantity to its components. Dead in fights between the state and militants are counted by some
# under the state-based type and dead civilians under the one-sided one; what falls between the two
# is left to the level of that source.
QUANTITIES: dict[str, tuple[str, ...]] = {
    "attacks": _ATTACKS,
    "attacks_on_forces": ("attacks_on_forces",),
    "operations": ("operations",),
    "incidents": (*_ATTACKS, "operations"),
    "events_state_based": ("attacks_on_forces", "operations"),
    "events_one_sided": ("attacks_on_others",),
    "civilians": ("civilians",),
    "security_forces": ("security_forces",),
    "victims": _VICTIMS,
    "attackers": ("attackers",),
    "killed_in_attacks": (*_VICTIMS, "attackers"),
    "militants_by_state": ("militants_by_state",),
    "militants": _MILITANTS,
    "killed": (*_VICTIMS, *_MILITANTS),
    "deaths_state_based": ("security_forces", *_MILITANTS),
    "deaths_one_sided": ("civilians",),
}

EVENTS, DEATHS, MILITANTS = FAMILIES = ("events", "deaths", "militants")

# A tracker's net for events, for victims and for militants widens by itself.
FAMILY: dict[str, str] = {
    quantity: EVENTS
    if set(parts) <= {*_ATTACKS, "operations"}
    else MILITANTS
    if set(parts) <= set(_MILITANTS)
    else DEATHS
    for quantity, parts in QUANTITIES.items()
}
