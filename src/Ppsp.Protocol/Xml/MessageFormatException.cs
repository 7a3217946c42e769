namespace Ppsp.Protocol.Xml;

/// <summary>Carries the reason why a message cannot be read from the place in it to the codec's edge, where it becomes a value.</summary>
internal sealed class MessageFormatException(string reason) : Exception(reason);
