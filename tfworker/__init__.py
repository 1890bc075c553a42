"""The product: family plans and visit notes on an encrypted laptop, in step with the council."""
