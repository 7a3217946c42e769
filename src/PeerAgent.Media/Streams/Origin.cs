namespace PeerAgent.Media.Streams;

/// <summary>A place that serves the chunks under their names over plain HTTP (our addition <c>x:Origin</c>).</summary>
/// <param name="Url">Absolute http or https base URL; ends in a slash.</param>
/// <param name="Priority">Lower = asked first.</param>
public sealed record Origin(Uri Url, int Priority);
