using System.Security.Cryptography;
using System.Text;

namespace CacheBackup.Core.Model;

/// <summary>
/// What a caller named a request by, so that asking twice does it once. Kept as its SHA-256, 64 hexadecimal digits: the key itself may be
/// anything, and is stored nowhere.
/// </summary>
public readonly record struct RequestKey
{
    private const int MaxLength = 64;
    private readonly string? _hash;

    private RequestKey(string hash) => _hash = hash;

    public string Value => _hash ?? throw new InvalidOperationException("A request's key was never set.");

    /// <exception cref="InvalidRequestException">It does not have 1 to 64 printable ASCII characters without spaces.</exception>
    public static RequestKey Of(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~')
        ? new RequestKey(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key))))
        : throw new InvalidRequestException($"An Idempotency-Key has 1 to {MaxLength} printable ASCII characters and no space.");

    public override string ToString() => Value;
}
