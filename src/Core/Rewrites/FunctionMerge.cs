using System.Text;

namespace CacheBackup.Core.Rewrites;

/// <summary>The function libraries of several files, each once. Memory: their source, at most <see cref="MaxBytes"/>.</summary>
internal sealed class FunctionMerge
{
    private const long MaxBytes = 64L << 20;

    private readonly Dictionary<string, (byte[] Source, string Place)> _libraries = new(StringComparer.Ordinal);
    private readonly List<byte[]> _inOrder = [];
    private long _bytes;

    public IReadOnlyList<byte[]> Sources => _inOrder;

    /// <param name="place">Where it stands, for errors.</param>
    /// <exception cref="RewriteRefusedException">Another file has a library of the same name and other code, or there are too many.</exception>
    public void Add(ReadOnlySpan<byte> source, string place)
    {
        string name = NameOf(source) ?? throw new RewriteRefusedException($"The function library in {place} does not say its name.");
        if (_libraries.TryGetValue(name, out var known))
        {
            if (!source.SequenceEqual(known.Source))
            {
                throw new RewriteRefusedException(
                    $"The function libraries in {known.Place} and in {place} have the same name and different code: no server can hold both.");
            }

            return;
        }

        _bytes += source.Length;
        if (_bytes > MaxBytes)
        {
            throw new RewriteRefusedException($"The function libraries up to {place} have more than {MaxBytes} bytes together.");
        }

        byte[] copy = source.ToArray();
        _libraries.Add(name, (copy, place));
        _inOrder.Add(copy);
    }

    /// <summary>What the first line says: <c>#!lua name=library</c>.</summary>
    private static string? NameOf(ReadOnlySpan<byte> source)
    {
        int end = source.IndexOf((byte)'\n');
        string line = Encoding.Latin1.GetString(end < 0 ? source : source[..end]);
        return Array.Find(line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries), word => word.StartsWith("name=", StringComparison.Ordinal));
    }
}
