using PeerAgent.Hosting;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Publishing;
using PeerAgent.Media.Store;
using PeerAgent.Streams;

namespace PeerAgent.Publish;

/// <summary>What <c>publish</c> was asked to do.</summary>
/// <param name="Settings">Settings of the agent that keeps or serves the content.</param>
/// <param name="Request">What to publish.</param>
/// <param name="Path">The folder or media file.</param>
/// <param name="Output">Where the manifest goes; null for standard output.</param>
/// <param name="ChunkFolder">Where a copy of the chunks goes, or null.</param>
/// <param name="Seed">Whether to serve the content until stopped.</param>
internal sealed record PublishJob(
    string[] Settings, PublishRequest Request, string Path, string? Output, string? ChunkFolder, bool Seed)
{
    /// <summary>Publishes; the program's exit code.</summary>
    internal static async Task<int> RunAsync(PublishJob job, CancellationToken cancellationToken)
    {
        try
        {
            await using var agent = AgentHost.Build(job.Settings, customise: null);
            using var stopped = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken, agent.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            if (job.Seed)
            {
                // From here on the agent handles signals, also while ffmpeg works.
                await agent.StartAsync(cancellationToken);
            }

            var (publication, failure) = await MakeAsync(job, agent, stopped.Token);
            return publication is null
                ? failure
                : job.Seed ? await SeedAsync(job, agent, publication, stopped.Token) : await WriteAsync(job, publication, stopped.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Asked to stop while publishing.
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && StartupFailure.Explain(e) is null)
        {
            return await FailAsync(e.Message);
        }
    }

    /// <summary>Makes the stream and keeps its chunks; null with an exit code when that fails.</summary>
    private static async Task<(Publication? Publication, int Failure)> MakeAsync(
        PublishJob job, WebApplication agent, CancellationToken cancellationToken)
    {
        var work = Directory.CreateDirectory(agent.Services.GetRequiredService<StateFolder>().WorkFolder);
        try
        {
            var outcome = await new Publisher().PublishAsync(job.Request, job.Path, work.FullName, cancellationToken);
            if (outcome is not PublishOutcome<Publication>.Done { Value: var publication })
            {
                return (null, await FailAsync(((PublishOutcome<Publication>.Refused)outcome).Error));
            }

            foreach (var warning in publication.Warnings)
            {
                await Console.Error.WriteLineAsync(warning);
            }

            return await KeepAsync(job, agent, publication, cancellationToken) is { } failure ? (null, failure) : (publication, 0);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Puts the chunks into the store, and copies them if wanted. Null when it went well, else the exit code.</summary>
    private static async Task<int?> KeepAsync(
        PublishJob job, WebApplication agent, Publication publication, CancellationToken cancellationToken)
    {
        var held = agent.Services.GetRequiredService<ChunkStore>().Open(publication.Info);
        held.Update(publication.Info);
        held.IsPinned = true;
        foreach (var chunk in publication.Chunks)
        {
            var content = await File.ReadAllBytesAsync(chunk.File, cancellationToken);
            switch (await held.PutAsync(chunk.Chunk, content, cancellationToken))
            {
                case PutOutcome.Stored or PutOutcome.AlreadyHeld:
                    held.Learn(chunk.Chunk, content);
                    break;
                case PutOutcome.MemoryOnly:
                    return await FailAsync(
                        $"The content does not fit: raise {StoreOptions.Section}:MaxBytes, or set {StoreOptions.Section}:Path to a disk with room.");
                case PutOutcome.Damaged:
                    return await FailAsync($"{chunk.File} changed while it was read; publish again.");
                default:
                    return await FailAsync($"{chunk.File} is empty or larger than {StoreOptions.Section}:MaxChunkBytes.");
            }

            if (job.ChunkFolder is { } folder)
            {
                Directory.CreateDirectory(folder);
                await File.WriteAllBytesAsync(System.IO.Path.Combine(folder, held.Layout.NameOf(chunk.Chunk)), content, cancellationToken);
            }
        }

        return null;
    }

    private static async Task<int> SeedAsync(
        PublishJob job, WebApplication agent, Publication publication, CancellationToken cancellationToken)
    {
        var catalogue = agent.Services.GetRequiredService<Catalogue>();
        var stream = await catalogue.SeedAsync(publication.Info, StreamInfoWriter.Write(publication.Info), cancellationToken);
        if (stream is null)
        {
            return await FailAsync($"Swarm '{publication.Info.SwarmId}' is known here with other content, or the agent knows too many streams.");
        }

        var joined = await stream.Active!.Membership.FirstAttempt.WaitAsync(cancellationToken);
        foreach (var failure in joined.Failures)
        {
            await Console.Error.WriteLineAsync($"Tracker {failure.Url}: {failure.Reason.TrimEnd('.')}. It will be tried again.");
        }

        await stream.Active.Membership.FirstJoined.WaitAsync(cancellationToken);
        if (await WriteAsync(job, publication, cancellationToken) is var failed and not 0)
        {
            return failed;
        }

        await agent.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }

    /// <summary>The manifest appears whole or not at all.</summary>
    private static async Task<int> WriteAsync(PublishJob job, Publication publication, CancellationToken cancellationToken)
    {
        var manifest = StreamInfoWriter.Write(publication.Info);
        if (job.Output is null)
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(manifest, cancellationToken);
            await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
            return 0;
        }

        try
        {
            var temporary = job.Output + ".tmp";
            await File.WriteAllBytesAsync(temporary, manifest, cancellationToken);
            File.Move(temporary, job.Output, overwrite: true);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(
                $"Cannot write the manifest to {job.Output} ({e.Message.TrimEnd('.')}); give --out a file in a folder that can be written.");
        }
    }

    private static async Task<int> FailAsync(string error)
    {
        await Console.Error.WriteLineAsync(error);
        return 1;
    }
}
