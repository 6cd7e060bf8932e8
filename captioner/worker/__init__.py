"""The worker: takes batches from the queue, runs the model, finishes each job by itself."""
