namespace CacheBackup.Core.Storage;

/// <summary>
/// Sends a stream of unknown length to the store as one multipart upload, in bounded memory.
/// <para>
/// The memory bill is (<see cref="SegmentUploaderOptions.Parallelism"/> + 1) × the part size: the parts in flight and the one being
/// filled. When all are taken the writer waits, and so does the server whose stream it reads.
/// </para>
/// <para>
/// One writer at a time. The first failure of a part surfaces at the writer's next call and at every one after it; nothing is visible
/// under the key before <see cref="CompleteAsync"/> returns. An uploader that is disposed without it gives the upload up.
/// </para>
/// </summary>
public sealed partial class SegmentUploader : IAsyncDisposable
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(10);

    private readonly IObjectStore _store;
    private readonly ObjectKey _key;
    private readonly UploadId _upload;
    private readonly SegmentUploaderOptions _options;
    private readonly PartSizes _sizes;
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop;
    private readonly List<PartInFlight> _inFlight = [];
    private readonly List<UploadedPart> _parts = [];
    private readonly Stack<byte[]> _free = new();

    private byte[]? _buffer;
    private int _filled;
    private int _nextNumber = 1;
    private bool _hasEnded;

    private SegmentUploader(
        IObjectStore store,
        ObjectKey key,
        UploadId upload,
        SegmentUploaderOptions options,
        PartSizes sizes,
        TimeProvider timeProvider,
        Random random,
        CancellationToken cancellationToken)
    {
        (_store, _key, _upload, _options, _sizes, _timeProvider, _random) = (store, key, upload, options, sizes, timeProvider, random);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public UploadId Upload => _upload;

    /// <summary>All bytes taken so far, sent or not.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>The memory that part buffers hold now, in bytes.</summary>
    public long BufferBytes { get; private set; }

    /// <summary>Begins an upload.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="options">Part size, parallelism and the estimate.</param>
    /// <param name="timeProvider">The clock of retries and of the clean-up.</param>
    /// <param name="random">Spreads retries.</param>
    /// <param name="cancellationToken">Stops the whole upload, parts in flight too.</param>
    /// <exception cref="UploadTooLongException">The estimate does not fit into 10,000 parts of the greatest size.</exception>
    public static async Task<SegmentUploader> BeginAsync(
        IObjectStore store,
        ObjectKey key,
        SegmentUploaderOptions options,
        TimeProvider timeProvider,
        Random random,
        CancellationToken cancellationToken)
    {
        options.Validate();
        // Computed first: an upload that cannot hold the stream is refused before the store hears of it.
        var sizes = new PartSizes(options.PartSizeBytes, options.MaxPartSizeBytes, options.EstimateBytes);
        UploadId upload = await store.BeginUploadAsync(key, cancellationToken);
        return new SegmentUploader(store, key, upload, options, sizes, timeProvider, random, cancellationToken);
    }

    /// <summary>
    /// The unfilled rest of the current part, at least one byte. Fill some of it, call <see cref="Advance"/>, then await
    /// <see cref="FlushAsync"/> before asking again.
    /// </summary>
    public Memory<byte> GetMemory()
    {
        ThrowIfEnded();
        _buffer ??= TakeBuffer();
        return _filled < _buffer.Length
            ? _buffer.AsMemory(_filled)
            : throw new InvalidOperationException("The part is full: await FlushAsync before asking for more memory.");
    }

    /// <summary>Says that the first <paramref name="count"/> bytes of <see cref="GetMemory"/> are part of the stream now.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_buffer?.Length ?? 0) - _filled);
        _filled += count;
        LengthBytes += count;
    }

    /// <summary>Sends the current part if it is full, and waits while as many are in flight as may be.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        await TakeFinishedAsync();
        if (_buffer is not null && _filled == _buffer.Length)
        {
            await SendAsync(cancellationToken);
        }
    }

    /// <summary>Copies bytes into the stream; they may be reused when the task completes.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        while (!content.IsEmpty)
        {
            Memory<byte> room = GetMemory();
            int count = Math.Min(room.Length, content.Length);
            content[..count].CopyTo(room);
            content = content[count..];
            Advance(count);
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Sends the rest, waits for every part and makes the object. An acknowledgement that is lost on the way is looked for: the object
    /// is there with our length and the upload is gone.
    /// </summary>
    /// <exception cref="PreconditionFailedException">The condition did not hold; the upload is still open.</exception>
    public async Task<UploadedObject> CompleteAsync(WriteCondition condition, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        if (_numbers is not null && await FindCompletedAsync(cancellationToken) is { } made)
        {
            // Whoever was at it before us came to its end, and could not say so.
            End();
            return new UploadedObject(_key, made, LengthBytes, _parts);
        }

        if (_filled > 0 || _nextNumber == 1)
        {
            _buffer ??= [];
            await SendAsync(cancellationToken);
        }

        while (_inFlight.Count > 0)
        {
            await WaitForOneAsync(cancellationToken);
        }

        UploadedPart[] parts = [.. _parts.OrderBy(part => part.Number)];
        ObjectTag tag = await CompleteOnceAsync(parts, condition, cancellationToken);
        End();
        return new UploadedObject(_key, tag, LengthBytes, parts);
    }

    /// <summary>
    /// Stops the parts in flight and gives the upload up, in a time of its own (<see cref="SegmentUploaderOptions.AbortTimeout"/>),
    /// however the run itself ended. False: the store could not be told; the purge finds the open upload.
    /// </summary>
    public async Task<bool> AbortAsync()
    {
        if (_hasEnded)
        {
            return true;
        }

        await _stop.CancelAsync();
        using var limit = new CancellationTokenSource(_options.AbortTimeout, _timeProvider);
        Task sending = Task.WhenAll(_inFlight.Select(part => part.Sending));
        await sending.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End();
        if (_numbers is not null)
        {
            return true;
        }

        try
        {
            await _store.AbortUploadAsync(_key, _upload, limit.Token);
            return true;
        }
        catch (Exception left) when (left is TransientException or StoreAccessDeniedException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await AbortAsync();
        _stop.Dispose();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (_inFlight.Count == _options.Parallelism)
        {
            await WaitForOneAsync(cancellationToken);
        }

        if (_numbers is not null)
        {
            await _numbers.TakeAsync(_nextNumber, cancellationToken);
        }

        byte[] buffer = _buffer!;
        int number = _nextNumber++;
        ReadOnlyMemory<byte> content = buffer.AsMemory(0, _filled);
        (_buffer, _filled) = (null, 0);
        // Begun here and in order, so that a store that writes where it can write next finds the parts one after the other.
        Task<UploadedPart> sending = TryAsync(
            () => _store.UploadPartAsync(_key, _upload, number, content, _stop.Token), _stop.Token);
        _inFlight.Add(new PartInFlight(sending, buffer));
    }

    private async Task WaitForOneAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_inFlight.Select(part => part.Sending)).WaitAsync(cancellationToken);
        await TakeFinishedAsync();
    }

    /// <summary>Takes over the parts that are acknowledged. A failed one stays where it is and throws again at every call.</summary>
    private async Task TakeFinishedAsync()
    {
        for (int i = _inFlight.Count - 1; i >= 0; i--)
        {
            PartInFlight part = _inFlight[i];
            if (part.Sending.IsCompleted)
            {
                _parts.Add(await part.Sending);
                _inFlight.RemoveAt(i);
                _free.Push(part.Buffer);
            }
        }
    }

    private byte[] TakeBuffer()
    {
        if (_nextNumber > StoreLimits.MaxPartNumber)
        {
            throw new UploadTooLongException(
                $"The stream of '{_key}' is longer than the {_sizes.CapacityBytes} bytes that its parts hold; give a better estimate.");
        }

        int size = _sizes[_nextNumber];
        while (_free.TryPop(out byte[]? free))
        {
            if (free.Length == size)
            {
                return free;
            }

            // Parts have grown: a buffer of the former size is of no use, and keeping it would break the memory bill.
            BufferBytes -= free.Length;
        }

        BufferBytes += size;
        return GC.AllocateUninitializedArray<byte>(size);
    }

    private async Task<ObjectTag> CompleteOnceAsync(UploadedPart[] parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await _store.CompleteUploadAsync(_key, _upload, parts, condition, cancellationToken);
            }
            catch (StoreUnavailableException) when (attempt < _options.Attempts)
            {
                await WaitBeforeRetryAsync(attempt, cancellationToken);
            }
            catch (Exception refused) when (refused is StoreUnavailableException
                || ((attempt > 1 || _numbers is not null) && refused is UploadNotFoundException or PreconditionFailedException))
            {
                // One of our own earlier attempts may be what this one ran into, or whoever goes on with the same upload.
                if (await FindCompletedAsync(cancellationToken) is { } tag)
                {
                    return tag;
                }

                throw;
            }
        }
    }

    /// <summary>The tag of the object if it is the one that this upload made.</summary>
    private async Task<ObjectTag?> FindCompletedAsync(CancellationToken cancellationToken)
    {
        ObjectSummary? found = await TryAsync(() => _store.HeadAsync(_key, cancellationToken), cancellationToken);
        if (found is null || found.LengthBytes != LengthBytes)
        {
            return null;
        }

        // An object of our length while our upload is still open is another writer's.
        bool isOpen = await TryAsync(() => IsOpenAsync(cancellationToken), cancellationToken);
        return isOpen ? null : found.Tag;
    }

    private async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        await foreach (OpenUpload open in _store.ListUploadsAsync(_key.Value, cancellationToken))
        {
            if (open.Id == _upload)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Calls that are harmless to repeat, a bounded number of times.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TransientException) when (attempt < _options.Attempts)
            {
                await WaitBeforeRetryAsync(attempt, cancellationToken);
            }
        }
    }

    private Task WaitBeforeRetryAsync(int attempt, CancellationToken cancellationToken)
    {
        TimeSpan longest = _options.RetryDelay * Math.Pow(2, attempt - 1);
        double share;
        // Parts fail at the same time and on any thread.
        lock (_random)
        {
            share = _random.NextDouble();
        }

        return Task.Delay((longest < LongestRetryDelay ? longest : LongestRetryDelay) * share, _timeProvider, cancellationToken);
    }

    private void ThrowIfEnded()
    {
        if (_hasEnded)
        {
            throw new InvalidOperationException("The upload was completed or given up.");
        }
    }

    private void End()
    {
        _hasEnded = true;
        _buffer = null;
        _free.Clear();
        BufferBytes = 0;
    }

    private sealed record PartInFlight(Task<UploadedPart> Sending, byte[] Buffer);
}
