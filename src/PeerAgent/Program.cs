return await PeerAgent.CommandLine.AgentCommands.InvokeAsync(args);
