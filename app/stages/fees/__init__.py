"""（七）收费: fees and deposits, by public channels alone."""
