"""（八）评价: ratings, complaints and what becomes of them."""
