namespace CacheBackup.Core.Inspections;

/// <summary>
/// How a server of the version that wrote the file holds the value, as OBJECT ENCODING says it. Texts for reports are these names in lower case.
/// </summary>
public enum ServerEncoding
{
    Int,
    Embstr,
    Raw,
    Quicklist,
    Listpack,
    Intset,
    Hashtable,
    Skiplist,
    Stream,
    Module,
}
