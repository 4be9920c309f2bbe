"""The policy: what a board has agreed to ask of the gaps between groups, before anybody has seen one."""
