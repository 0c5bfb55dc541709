using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>A document as it was read, with the tag that a write on top of it must match.</summary>
public sealed record CatalogEntry<TDocument>(TDocument Document, ObjectTag Tag)
    where TDocument : CatalogDocument;
