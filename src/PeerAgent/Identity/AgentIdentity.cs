using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Identity;

/// <summary>
/// Who this agent is: from the settings, else from <c>identity.json</c> in the state folder, where a PeerID made at the
/// first start is kept.
/// </summary>
public sealed class AgentIdentity
{
    /// <summary>Reads or makes the identity.</summary>
    /// <exception cref="StoreUnavailableException">The kept identity cannot be read or written.</exception>
    public AgentIdentity(IOptions<IdentityOptions> options, StateFolder folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        var given = options.Value;
        PeerId = PeerId.TryParse(given.PeerId, out var id) ? id : ReadOrMake(folder.IdentityFile);
        Credentials = new Credentials(UserId.TryParse(given.UserId, out var user) ? user : null, given.AuthToken);
    }

    /// <summary>The PeerID.</summary>
    public PeerId PeerId { get; }

    /// <summary>User and token, where there are any.</summary>
    public Credentials Credentials { get; }

    private static PeerId ReadOrMake(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(path));
                if (json.RootElement.TryGetProperty("peerId", out var value) && PeerId.TryParse(value.GetString(), out var kept))
                {
                    return kept;
                }

                throw new StoreUnavailableException($"{path} holds no peerId; repair or delete it, then a new identity is made.");
            }

            var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            Write(path, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["peerId"] = text }));
            return PeerId.TryParse(text, out var made) ? made : throw new InvalidOperationException("An identity of our own making was refused.");
        }
        catch (JsonException)
        {
            throw new StoreUnavailableException($"{path} is not JSON; repair or delete it, then a new identity is made.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"Cannot read or write {path}: {e.Message} Set {StoreOptions.Section}:Path to a folder that can be written.");
        }
    }

    /// <summary>Appears whole or not at all, and closed to others from the start.</summary>
    private static void Write(string path, byte[] content)
    {
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, []);
        Close(temporary);
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path);
    }

    /// <summary>Who we are is for the owner's eyes only.</summary>
    private static void Close(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
