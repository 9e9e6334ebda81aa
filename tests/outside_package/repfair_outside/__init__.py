"""A method and a data set of somebody else's, as the tests install them."""
