"""（一）咨询指导: questions, from the guide desk up to the leader."""
