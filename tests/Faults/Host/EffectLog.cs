using System.Diagnostics;

namespace CacheBackup.Faults.Host;

/// <summary>
/// Writes each effect down in the order in which they happened, and ends this process at once when the fatal one has. Effects of several
/// threads stand in line here, so that none follows the fatal one.
/// </summary>
/// <param name="path">The file: a line for each effect.</param>
/// <param name="fatalEffect">The name after which the process dies.</param>
public sealed class EffectLog(string path, string fatalEffect) : IDisposable
{
    private readonly Lock _order = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };

    /// <summary>The effect has happened; whoever caused it does not know yet.</summary>
    public void Tell(string effect)
    {
        lock (_order)
        {
            Write(effect);
        }
    }

    /// <summary>An effect that happens many times: the first is <c>… 1</c>.</summary>
    public void TellCounted(string effect)
    {
        lock (_order)
        {
            int count = _counts[effect] = _counts.GetValueOrDefault(effect) + 1;
            Write($"{effect} {count}");
        }
    }

    public void Dispose() => _file.Dispose();

    private void Write(string effect)
    {
        _file.WriteLine(effect);
        if (effect == fatalEffect)
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();

            // The signal is on its way: nothing more may be done meanwhile.
            using ManualResetEvent never = new(false);
            never.WaitOne();
        }
    }
}
