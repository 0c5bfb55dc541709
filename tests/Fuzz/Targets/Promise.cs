using CacheBackup.Core.Rdb;

namespace CacheBackup.Fuzz.Targets;

/// <summary>What is promised of every reading of hostile bytes.</summary>
internal static class Promise
{
    /// <summary>A reading may allocate so much whatever its bytes say, and so much for each of them: see the tests of damage.</summary>
    private const long FixedBytes = 512 << 10;
    private const long BytesPerByte = 512;

    public static void Keep(bool isKept, string promise)
    {
        if (!isKept)
        {
            throw new BrokenPromiseException(promise);
        }
    }

    /// <summary>Cut into chunks, an input fails as it does whole, or not at all.</summary>
    public static void KeepError(Exception? whole, Exception? cut) =>
        Keep(cut?.Message == whole?.Message, $"Cut, it fails otherwise: {cut?.Message}; whole: {whole?.Message}");

    /// <summary>Runs a reading; its error, if it is one that is told of, or null.</summary>
    public static RdbFormatException? ErrorOf(int inputBytes, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        RdbFormatException? error = null;
        try
        {
            read();
        }
        catch (RdbFormatException e)
        {
            error = e;
            Keep(e.OffsetBytes >= 0 && e.OffsetBytes <= inputBytes, $"An error lies outside of the {inputBytes} bytes: {e.Message}");
            Keep(Enum.IsDefined(e.Code), "An error has no code");
        }

        KeepMemory(inputBytes, before);
        return error;
    }

    public static void KeepMemory(int inputBytes, long before)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Keep(allocated <= FixedBytes + (BytesPerByte * inputBytes), $"{inputBytes} bytes took {allocated} bytes of memory");
    }
}
