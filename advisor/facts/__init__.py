"""The facts a snapshot may hold, each with its plain question, in the sector's words."""
