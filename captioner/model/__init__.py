"""Show, Attend and Tell (Xu et al. 2015, arXiv 1502.03044), one idea a file."""
