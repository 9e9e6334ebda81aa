"""Tables as data: columns with a finite number of values each, one of them the group, one the target."""
