"""Who decides, who pays, who contracts: matrix, levers, allocation, accounts."""
