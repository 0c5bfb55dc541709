namespace CacheBackup.Core.Rdb;

/// <summary>Looks at nothing: a walk with it only finds where a value ends.</summary>
internal readonly struct SkipVisitor : IValueVisitor
{
    public void Text(in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes)
    {
    }

    public void TextStart(in StringToken token, long offsetBytes)
    {
    }

    public void TextPart(ReadOnlySpan<byte> stored)
    {
    }

    public void TextEnd()
    {
    }

    public void Number(ulong number, long offsetBytes)
    {
    }

    public void Fixed(ReadOnlySpan<byte> bytes, long offsetBytes)
    {
    }
}
