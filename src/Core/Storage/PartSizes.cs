namespace CacheBackup.Core.Storage;

/// <summary>
/// The size of each part of an upload, by its number. Sizes start at the larger of the wanted size and what the estimate needs, and
/// grow by half with every thousand numbers used, up to a limit: a stream that proves longer than its estimate does not run out of
/// numbers, and memory grows only for a stream that is really long.
/// </summary>
internal sealed class PartSizes
{
    private const int Steps = 10;
    private const int NumbersPerStep = StoreLimits.MaxPartNumber / Steps;
    private const int MiB = 1024 * 1024;

    private readonly int[] _sizes = new int[Steps];

    /// <exception cref="UploadTooLongException">The estimate does not fit into 10,000 parts of the greatest size.</exception>
    public PartSizes(int wantedBytes, int greatestBytes, long estimateBytes)
    {
        long needed = MiB * Divide(Divide(estimateBytes, StoreLimits.MaxPartNumber), MiB);
        if (needed > greatestBytes)
        {
            throw new UploadTooLongException(
                $"{estimateBytes} bytes need parts of {needed} bytes, and the limit is {greatestBytes}; raise the limit of the part size.");
        }

        long size = Math.Max(wantedBytes, needed);
        for (int step = 0; step < Steps; step++)
        {
            _sizes[step] = (int)Math.Min(size, greatestBytes);
            size = MiB * Divide(size + (size / 2), MiB);
        }
    }

    /// <summary>The bytes that all 10,000 parts can hold together.</summary>
    public long CapacityBytes => _sizes.Sum(size => (long)size * NumbersPerStep);

    public int this[int partNumber] => _sizes[(partNumber - 1) / NumbersPerStep];

    private static long Divide(long value, long divisor) => (value + divisor - 1) / divisor;
}
