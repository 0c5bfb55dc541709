namespace CacheBackup.Core.Tests.Rewrites;

/// <summary>Gives no more than up to the next cut, however much is asked for.</summary>
internal sealed class CutStream(byte[] bytes, int[] cuts) : MemoryStream(bytes, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int end = Array.Find(cuts, cut => cut > Position) is var next and > 0 ? next : (int)Length;
        return base.ReadAsync(buffer[..Math.Min(buffer.Length, end - (int)Position)], cancellationToken);
    }
}
