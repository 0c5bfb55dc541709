namespace CacheBackup.Core.Model;

/// <summary>An identity that the catalog stores as one text.</summary>
public interface ICatalogText<TSelf>
    where TSelf : struct, ICatalogText<TSelf>
{
    string Value { get; }

    /// <exception cref="InvalidRequestException">The text is not one of these.</exception>
    static abstract TSelf FromCatalog(string text);
}
