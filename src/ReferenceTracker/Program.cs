return await ReferenceTracker.Hosting.TrackerCommand.RunAsync(args);
