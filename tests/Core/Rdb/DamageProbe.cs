using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// Reads one damaged file after another, and holds each reading to what is promised of it: it ends, with success or an error that has a
/// code and an offset inside of what was read; it takes no more time and memory than stated here. Not for use by two threads at once.
/// </summary>
internal sealed class DamageProbe
{
    /// <summary>What a reading may allocate, whatever the file says: the reader itself, an error, buffers that are made once.</summary>
    public const int FixedBytes = 256 << 10;

    /// <summary>What it may allocate for each byte of the file: compression expands at most so much, and elements are remembered.</summary>
    public const int BytesPerByte = 128;

    /// <summary>A reading takes microseconds; the machine may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WatchedValues _values = new();
    private readonly Nothing _nothing = new();

    public long Readings { get; private set; }

    public long MostAllocatedBytes { get; private set; }

    /// <summary>True if the last decoding found nothing wrong inside of values: a walk over the same bytes is the same reading.</summary>
    public bool WasSameAsWalk { get; private set; }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="file">All of its bytes.</param>
    /// <param name="decodes">Whether to decode values too, or only to walk over them.</param>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public RdbFormatException? ErrorOf(ReadOnlySpan<byte> file, bool decodes)
    {
        long began = TimeProvider.System.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        RdbFormatException? error;
        try
        {
            var reader = new RdbReader(decodes ? _values : _nothing);
            reader.Read(file);

            // What Complete throws, without the price of throwing it.
            error = reader.FindEndError();
        }
        catch (RdbFormatException e)
        {
            error = e;
        }

        Judge(error, file.Length, before, began);
        WasSameAsWalk = !_values.IsInside;
        _values.IsInside = false;
        return error;
    }

    /// <summary>Decodes a DUMP payload, its checksum not looked at.</summary>
    public RdbFormatException? ErrorOfPayload(ReadOnlySpan<byte> bytes)
    {
        long began = TimeProvider.System.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        RdbFormatException? error = null;
        try
        {
            var payload = RdbPayload.ReadUnchecked(bytes);
            ValueDigester.Compute(payload.Version.Magic, payload.Type, payload.Value);
        }
        catch (RdbFormatException e)
        {
            error = e;
        }

        Judge(error, bytes.Length, before, began);
        return error;
    }

    private void Judge(RdbFormatException? error, int length, long allocatedBefore, long began)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        Readings++;
        MostAllocatedBytes = Math.Max(MostAllocatedBytes, allocated);
        if (error is not null && (error.OffsetBytes < 0 || error.OffsetBytes > length || !Enum.IsDefined(error.Code)))
        {
            throw new InvalidOperationException($"An error of {length} bytes is not in them: {error.Message}");
        }

        if (allocated > FixedBytes + ((long)BytesPerByte * length) || elapsed > Patience)
        {
            throw new InvalidOperationException($"{length} bytes took {allocated} bytes of memory and {elapsed}");
        }
    }

    private sealed class Nothing : RdbHandler;

    /// <summary>Decodes values as a verification does, and remembers whether an error came out of that.</summary>
    private sealed class WatchedValues : RdbHandler
    {
        private readonly ValueCheck _values = new();

        public bool IsInside { get; set; }

        public override void OnHeader(RdbVersion version) => _values.OnHeader(version);

        public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key) => _values.OnEntryStart(entry, key);

        public override void OnValue(ReadOnlySpan<byte> fragment)
        {
            IsInside = true;
            _values.OnValue(fragment);
            IsInside = false;
        }

        public override void OnEntryEnd(in RdbEntryEnd end)
        {
            IsInside = true;
            _values.OnEntryEnd(end);
            IsInside = false;
        }
    }
}
