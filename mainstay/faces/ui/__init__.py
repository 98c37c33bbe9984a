"""The shared look: base templates, components, tags, icons and the sources of scripts and styles. Decides nothing."""
