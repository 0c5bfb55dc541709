using System.Text;

namespace CacheBackup.Core.Inspections;

/// <summary>Cuts the prefix from a key's name.</summary>
internal sealed class KeyPrefix(string separator, int depth)
{
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(separator);

    /// <summary>Up to and with the separator behind the last part that counts; empty where there is no separator.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> key)
    {
        int end = 0;
        for (int part = 0; part < depth && key[end..].IndexOf(_separator) is var next and >= 0; part++)
        {
            end += next + _separator.Length;
        }

        return key[..end];
    }
}
