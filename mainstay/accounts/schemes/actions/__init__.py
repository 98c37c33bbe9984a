"""Write scheme models; draft schemes for customers and set them as documents."""
