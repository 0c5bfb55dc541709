namespace CacheBackup.Core.Storage;

/// <content>An upload that one uploader leaves open and another goes on with.</content>
public sealed partial class SegmentUploader
{
    /// <summary>Of an upload that another has begun; null: it is this one's own.</summary>
    private readonly PartNumbers? _numbers;

    /// <summary>Goes on with an upload. It is not ours to give up: whoever goes on after us needs it.</summary>
    private SegmentUploader(
        IObjectStore store,
        ObjectKey key,
        SuspendedUpload suspended,
        PartNumbers numbers,
        SegmentUploaderOptions options,
        TimeProvider timeProvider,
        Random random,
        CancellationToken cancellationToken)
        : this(
            store,
            key,
            suspended.Upload,
            options,
            new PartSizes(options.PartSizeBytes, options.MaxPartSizeBytes, options.EstimateBytes),
            timeProvider,
            random,
            cancellationToken)
    {
        (_numbers, _nextNumber, LengthBytes) = (numbers, numbers.First, suspended.LengthBytes);
        _parts.AddRange(suspended.Parts);
        _buffer = TakeBuffer();
        suspended.Tail.CopyTo(_buffer);
        _filled = suspended.Tail.Length;
    }

    /// <summary>
    /// Goes on with an upload that was left by <see cref="SuspendAsync"/>. An uploader that is disposed without having completed it leaves it open, with
    /// parts that nobody lists.
    /// </summary>
    /// <param name="numbers">Numbers that no other uploader of this upload uses.</param>
    public static SegmentUploader Resume(
        IObjectStore store,
        ObjectKey key,
        SuspendedUpload suspended,
        PartNumbers numbers,
        SegmentUploaderOptions options,
        TimeProvider timeProvider,
        Random random,
        CancellationToken cancellationToken)
    {
        options.Validate();
        return new SegmentUploader(store, key, suspended, numbers, options, timeProvider, random, cancellationToken);
    }

    /// <summary>
    /// Waits for every part and leaves the upload open, for another uploader to go on with. What is too short for a part is given back.
    /// </summary>
    public async Task<SuspendedUpload> SuspendAsync(CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        if (_filled >= StoreLimits.MinPartBytes)
        {
            await SendAsync(cancellationToken);
        }

        while (_inFlight.Count > 0)
        {
            await WaitForOneAsync(cancellationToken);
        }

        var suspended = new SuspendedUpload
        {
            Upload = _upload,
            Parts = [.. _parts.OrderBy(part => part.Number)],
            NextNumber = _nextNumber,
            Tail = _buffer.AsMemory(0, _filled).ToArray(),
            LengthBytes = LengthBytes,
        };
        End();
        return suspended;
    }
}
