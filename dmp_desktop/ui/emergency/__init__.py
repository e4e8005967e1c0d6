"""Emergency access and secret connection: the page before, the band during, the list to sign after."""
