namespace CacheBackup.Fixtures.Storage;

/// <summary>What can go wrong with one call of a store.</summary>
public enum StoreFaultKind
{
    /// <summary>The store answers 500 or 503, and nothing happened.</summary>
    Unavailable,

    /// <summary>The call times out, and nothing happened.</summary>
    Timeout,

    /// <summary>It happened, and the answer is lost.</summary>
    AcknowledgementLost,

    /// <summary>The call never ends by itself; its token ends it.</summary>
    Stall,

    /// <summary>The role may not.</summary>
    AccessDenied,

    /// <summary>The condition is said not to hold (412), and nothing happened.</summary>
    PreconditionFailed,

    /// <summary>There is no room, and nothing happened.</summary>
    Full,

    /// <summary>The object, or the upload, is said not to be there (404), as after a write that another node has not seen.</summary>
    NotFound,

    /// <summary>Reading: the connection is reset in the middle of the body.</summary>
    ResetMidBody,

    /// <summary>Reading: the body ends early without an error of the connection.</summary>
    ShortRead,

    /// <summary>Reading and writing: one bit of the content is another. A write of it is acknowledged.</summary>
    FlippedByte,
}
