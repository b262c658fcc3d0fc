"""Series in time: interrupted series, trends, breaks, noise, counterfactuals."""
