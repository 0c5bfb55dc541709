using System.Runtime.CompilerServices;

namespace CacheBackup.Fuzz.Guidance;

/// <summary>
/// Counts the branches that one run takes: instrumented code calls <see cref="Enter"/> at the start of every basic block. An edge is the
/// pair of two blocks that follow each other, as AFL has it. One thread at a time.
/// </summary>
public static class Branches
{
    public const int Edges = 1 << 16;

    /// <summary>How often each edge was taken in this run, modulo 256.</summary>
    private static readonly byte[] Taken = new byte[Edges];

    private static int _previous;
    private static long _stepsLeft = long.MaxValue;

    public static byte[] Counts => Taken;

    /// <summary>Begins a run.</summary>
    /// <param name="mostSteps">After so many blocks it has not ended, and never will: then <see cref="EndlessRunException"/>.</param>
    public static void Begin(long mostSteps)
    {
        Array.Clear(Taken);
        _previous = 0;
        _stepsLeft = mostSteps;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(int block)
    {
        Taken[(block ^ _previous) & (Edges - 1)]++;
        _previous = block >> 1;
        if (--_stepsLeft < 0)
        {
            Stop();
        }
    }

    private static void Stop()
    {
        _stepsLeft = long.MaxValue;
        throw new EndlessRunException();
    }
}
