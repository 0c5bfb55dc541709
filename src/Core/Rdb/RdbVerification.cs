using System.IO.Pipelines;

namespace CacheBackup.Core.Rdb;

/// <summary>The result of reading an RDB file from its first byte to its last.</summary>
public sealed record RdbVerification
{
    public required RdbVerdict Verdict { get; init; }

    /// <summary>One sentence that says why.</summary>
    public required string Reason { get; init; }

    /// <summary>What is wrong; null if nothing is.</summary>
    public required RdbError? Code { get; init; }

    /// <summary>The first byte that cannot be right; null if none is wrong.</summary>
    public required long? OffsetBytes { get; init; }

    /// <summary>Null if the file does not even begin like one.</summary>
    public required RdbVersion? RdbVersion { get; init; }

    /// <summary>What was counted, up to the error where there is one.</summary>
    public required RdbSummary Summary { get; init; }

    /// <summary>True for files that a restore may start from without being forced: whole, and of a known kind.</summary>
    public bool IsReadable => Verdict is RdbVerdict.Verified or RdbVerdict.Unverified;

    /// <summary>Reads <paramref name="input"/> to its end, or to the first error. Memory stays flat whatever the file's size. The reader is left to the caller.</summary>
    /// <remarks>Damage is a result, not an exception; only the input's own failures are thrown.</remarks>
    public static async Task<RdbVerification> RunAsync(
        PipeReader input,
        RdbVerificationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= RdbVerificationOptions.Default;
        var values = options.DecodeValues ? new ValueCheck() : null;
        var reader = new RdbReader(values ?? new NothingMore() as RdbHandler, options.Reader);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (var memory in result.Buffer)
                {
                    reader.Read(memory.Span);
                }

                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return Good(reader.Complete());
                }
            }
        }
        catch (RdbFormatException e)
        {
            return Bad(reader, e);
        }
    }

    /// <summary>What reading a file to its end without an error means.</summary>
    public static RdbVerification Good(RdbSummary summary) => new()
    {
        Verdict = summary.CrcState == RdbCrcState.Verified ? RdbVerdict.Verified : RdbVerdict.Unverified,
        Reason = summary.CrcState switch
        {
            RdbCrcState.Verified => "The file is whole and its checksum is right.",
            RdbCrcState.Absent => "The stream is whole; its format has no checksum of its own.",
            RdbCrcState.Zero => "The file is whole, but was written without a checksum.",
            _ => $"The file is whole, but {summary.Version} is older than checksums.",
        },
        Code = null,
        OffsetBytes = null,
        RdbVersion = summary.Version,
        Summary = summary,
    };

    internal static RdbVerification Bad(IEntryReader reader, RdbFormatException error)
    {
        RdbVersion? version = reader.Version.Number > 0 ? reader.Version : null;
        return new RdbVerification
        {
            Verdict = IsUnsupported(error.Code, version) ? RdbVerdict.Unsupported : RdbVerdict.Damaged,
            Reason = error.Message,
            Code = error.Code,
            OffsetBytes = error.OffsetBytes,
            RdbVersion = version,
            Summary = reader.SummarizeSoFar(),
        };
    }

    private static bool IsUnsupported(RdbError code, RdbVersion? version) => code switch
    {
        RdbError.UnsupportedVersion or RdbError.FunctionPreRelease or RdbError.ModulePreRelease => true,
        RdbError.KeyTooLong or RdbError.TextTooLong => true,

        // A version newer than the one whose types are all known may have types of its own.
        RdbError.UnknownType or RdbError.UnknownOpcode => version is { Magic: RdbMagic.Valkey, Number: > Rdb.RdbVersion.OldestValkey },
        _ => false,
    };

    private sealed class NothingMore : RdbHandler;
}
