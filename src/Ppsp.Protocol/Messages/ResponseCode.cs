namespace Ppsp.Protocol.Messages;

/// <summary>How a request ended (draft-cruz-ppsp-http-tracker-protocol-01, section 4.2, Table 2).</summary>
public enum ResponseCode
{
    /// <summary>Done; HTTP 200.</summary>
    Ok,

    /// <summary>The message is malformed; HTTP 400.</summary>
    InvalidSyntax,

    /// <summary>The method is unknown; HTTP 400. Only between peers; towards trackers it is <see cref="InvalidSyntax"/>.</summary>
    MessageNotSupported,

    /// <summary>The protocol version is unknown; HTTP 400.</summary>
    VersionNotSupported,

    /// <summary>Credentials are missing or wrong; HTTP 401.</summary>
    AuthenticationRequired,

    /// <summary>This requester may not ask this; HTTP 403.</summary>
    MessageForbidden,

    /// <summary>The swarm or chunk is unknown; HTTP 404.</summary>
    ObjectNotFound,

    /// <summary>The responder failed; HTTP 500.</summary>
    InternalError,

    /// <summary>The responder cannot process the message now; HTTP 503.</summary>
    TemporarilyOverloaded,
}
