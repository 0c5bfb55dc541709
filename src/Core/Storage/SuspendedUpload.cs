namespace CacheBackup.Core.Storage;

/// <summary>An upload that was left open for another uploader to go on with. Every part of it is acknowledged.</summary>
public sealed record SuspendedUpload
{
    public required UploadId Upload { get; init; }

    /// <summary>In the order of their numbers; numbers may be missing.</summary>
    public required IReadOnlyList<UploadedPart> Parts { get; init; }

    /// <summary>The first number that was not used.</summary>
    public required int NextNumber { get; init; }

    /// <summary>The bytes after the last part, too few for one: under 5 MiB.</summary>
    public required ReadOnlyMemory<byte> Tail { get; init; }

    /// <summary>Parts and tail together.</summary>
    public required long LengthBytes { get; init; }
}
