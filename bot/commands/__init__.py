"""What the subcommands of `captionbot` do; each imports the heavy things it needs itself."""
