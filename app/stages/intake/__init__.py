"""（三）收件: taking an application in at any window."""
