"""Read results, evidence, roll-ups, versions and proposals, within what an actor may see."""
