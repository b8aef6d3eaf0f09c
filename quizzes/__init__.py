"""The question bank and what learners do with it: practise, answer, see their progress."""
