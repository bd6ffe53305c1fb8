"""How fast a site is built: news-like text made from a seed, the same site for each generator, and the measurements."""
