using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Registry;

/// <summary>How a request ended, and the list where there is one.</summary>
internal readonly record struct RegistryAnswer(ResponseCode Code, ListedPeer[]? Peers = null)
{
    internal static RegistryAnswer Ok => new(ResponseCode.Ok);

    internal static RegistryAnswer Forbidden => new(ResponseCode.MessageForbidden);

    internal static RegistryAnswer NotFound => new(ResponseCode.ObjectNotFound);

    internal static RegistryAnswer Full => new(ResponseCode.TemporarilyOverloaded);
}
