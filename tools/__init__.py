"""What building, testing and showing Mainstay is done with. Nothing here is shipped."""
