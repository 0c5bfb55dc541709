namespace CacheBackup.Core.Rdb;

/// <summary>What a string that is held whole is for.</summary>
internal enum TextPurpose : byte
{
    Key,
    AuxiliaryName,
    AuxiliaryValue,
    Function,
    SlotImport,
}
