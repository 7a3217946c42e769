namespace PeerAgent.Proxy;

/// <summary>The side of the agent that players talk to.</summary>
public sealed class ProxyOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Proxy";

    /// <summary>
    /// Where players connect: one or more <c>http://</c> URLs, separated by semicolons. Default
    /// <c>http://127.0.0.1:7680</c>: this machine only. A gateway names its address in the house.
    /// </summary>
    public string Listen { get; set; } = "http://127.0.0.1:7680";

    /// <summary>Host names, besides address literals, <c>localhost</c> and the machine's own name, under which the proxy may be asked.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Origins (<c>scheme://host:port</c>) of web pages that may use the proxy. Default: none but its own page.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
